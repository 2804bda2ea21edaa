package io.memorymachine.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;

/** One installation of the product: where its services are and what lets a caller in. */
public interface Installation {
    /** How people call it, for messages and before something is destroyed. */
    String description();

    /** The folder under which a service's paths begin; ends with a slash. */
    URI base(Service service);

    /**
     * Likewise for each instance of a service that has a state of its own on each node.
     *
     * @throws UnreachableException if nobody can say which instances there are
     */
    List<URI> instances(Service service);

    /** What authenticates a request; asked for anew for each, since a token may be changed. */
    Map<String, String> credentials();

    /** The client for requests to it. */
    HttpClient http();
}
