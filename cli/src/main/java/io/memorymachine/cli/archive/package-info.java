/** The rehearsal behind the class-data archive that makes the command start fast. */
package io.memorymachine.cli.archive;
