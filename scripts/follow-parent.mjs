/** Loaded before a script that the starter runs in a child: when the starter is gone, so is the script. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
