/** The platform of the single-machine runtime: a StatefulSet's members as runc containers on a bridge of their own. */
package io.memorymachine.platform.local;
