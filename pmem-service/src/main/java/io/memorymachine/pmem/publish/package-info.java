/** Facts that nobody asked for: the volume's usage. */
package io.memorymachine.pmem.publish;
