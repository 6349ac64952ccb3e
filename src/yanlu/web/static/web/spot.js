// A position into the fields of a check on site. Without this script it is typed.

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-here]");
  if (!button) return;
  const form = button.closest("form");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.namedItem("lat").value = coords.latitude.toFixed(6);
      form.elements.namedItem("lon").value = coords.longitude.toFixed(6);
    },
    () => {
      button.querySelector("span").textContent = button.dataset.refused;
    },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
});
