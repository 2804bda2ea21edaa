/** Tells everybody when the licence ends soon or holds no more. */
package io.memorymachine.license.publish;
