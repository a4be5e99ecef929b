// Before the first paint, so that nobody who has chosen dark sees a flash of white. A file of its own: the page allows no inline script.
try {
  const theme = localStorage.getItem('chorus.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system's theme it is.
}
