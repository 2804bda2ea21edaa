/** The endurance run: the same again and again, and whether anything grows. */
package io.memorymachine.local.soak;
