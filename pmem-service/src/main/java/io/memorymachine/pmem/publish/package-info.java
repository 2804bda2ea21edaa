/** Facts that nobody asked for: the volume's usage and what lies on it. */
package io.memorymachine.pmem.publish;
