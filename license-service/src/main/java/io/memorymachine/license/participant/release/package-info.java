/** Takes a lease on the licence back. */
package io.memorymachine.license.participant.release;
