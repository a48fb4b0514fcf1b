// Opens the browser's own dialog, which knows the printers of this device.

document.querySelector("[data-print]").addEventListener("click", () => window.print());
