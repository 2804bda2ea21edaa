/** Processes that run on after the command that started them, and how they are found again without ever hitting another's. */
package io.memorymachine.local.process;
