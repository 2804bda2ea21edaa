/** What the commands print: sections, aligned tables, colour on a terminal only. */
package io.memorymachine.local.console;
