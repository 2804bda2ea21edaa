/** What the admission webhook makes of a pod: a member, or a placeholder while a restore plan is armed. */
package io.memorymachine.restore.admission;
