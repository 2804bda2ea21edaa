/** How applications are quiesced; one subpackage for each application. */
package io.memorymachine.profile;
