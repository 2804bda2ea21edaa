/** Who may import whom: the rules that every service's tests apply to it. */
package io.memorymachine.layering;
