/** What a command prints: tables as kubectl prints them, and the machine-readable formats beside them. */
package io.memorymachine.cli.output;
