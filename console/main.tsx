// What all screens share comes first, so that a screen can say otherwise.
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/table.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { connect } from './api/live.ts'

connect()
const root = document.getElementById('console')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
