package io.memorymachine.platform.kubernetes;

/** The labels and annotations by which users and the parts of the product understand each other. */
public final class Marks {
    private static final String PREFIX = "memory-machine.memverge.com/";

    /** Label of a namespace whose pods are looked after; its value is {@link #ENABLED}. */
    public static final String NAMESPACE = "memverge";

    /** The value of {@link #NAMESPACE}. */
    public static final String ENABLED = "enabled";

    /** Annotation by which a user asks for a pod to be injected; its value is {@link #YES}. */
    public static final String INJECT = PREFIX + "inject-env";

    /** What says yes in labels and annotations. */
    public static final String YES = "yes";

    /** Annotation: which of several containers is the member. */
    public static final String CONTAINER = PREFIX + "container";

    /** Annotation: the entrypoint where neither the pod nor a registry tells it; a JSON array of strings. */
    public static final String ENTRYPOINT = PREFIX + "entrypoint";

    /** Label of a pod that was injected. */
    public static final String MEMBER = PREFIX + "member";

    /** Annotation of an injected pod: the container that is the member. */
    public static final String INJECTED = PREFIX + "injected";

    /** Annotation of a pod that was recreated: by which operation. */
    public static final String OPERATION = PREFIX + "operation";

    /** Label of a recreated pod: {@link #PLACEHOLDER} or {@link #APPLICATION}. */
    public static final String START = PREFIX + "start";

    /** The pod's init waits for a process. */
    public static final String PLACEHOLDER = "placeholder";

    /** The pod starts what its workload defines. */
    public static final String APPLICATION = "application";

    /** Label of what the product keeps in its own namespace: {@link #PLAN} or {@link #FILLED}. */
    public static final String KEPT = PREFIX + "kept";

    /** A restore plan. */
    public static final String PLAN = "restore-plan";

    /** The note that a process was put into a placeholder. */
    public static final String FILLED = "filled";

    /** Label of nodes with a pmem volume; its value is {@link #PMEM}. */
    public static final String STORAGE = "storage";

    /** The value of {@link #STORAGE}. */
    public static final String PMEM = "pmem";

    private Marks() {}
}
