/** Images of members on the volume: what is in them, and how they are sealed and verified. */
package io.memorymachine.pmem.image;
