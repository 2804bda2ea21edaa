/** What is shown while an operation runs. */
package io.memorymachine.cli.progress;
