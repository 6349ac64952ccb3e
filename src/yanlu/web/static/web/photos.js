// Photos are made small enough for a slow network before they are sent. Without this script they
// go as they are.

const LONG_SIDE = 1920;
const SMALL_ENOUGH = 800_000;

/** The photo made smaller; as it was when the browser can't: the server says what is wrong with it. */
window.smallerPhoto = async (file) => {
  if (file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
  } catch {
    return file;
  }
};

// A field of its own: <input type="file" data-shrink>.
document.addEventListener("change", async ({ target }) => {
  if (!target.matches("input[data-shrink]")) return;
  try {
    const carrier = new DataTransfer();
    for (const file of target.files) carrier.items.add(await window.smallerPhoto(file));
    target.files = carrier.files;
  } catch {
    // An old browser keeps the file as it is.
  }
});
