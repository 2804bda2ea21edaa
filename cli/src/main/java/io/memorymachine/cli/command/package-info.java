/** The verbs, one class each. */
package io.memorymachine.cli.command;
