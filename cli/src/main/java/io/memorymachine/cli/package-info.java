/** The command line: {@code kubectl mvmcli}. */
package io.memorymachine.cli;
