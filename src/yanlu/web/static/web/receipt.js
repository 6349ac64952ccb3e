// The matter was handed in: its draft has served.
try {
  localStorage.removeItem("yanlu-draft");
} catch {
  // A browser that keeps nothing has nothing to forget.
}
