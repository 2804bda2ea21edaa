package io.memorymachine.restore.admission;

import java.util.List;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;

/** Lets a pod run on one node only, without dropping what it asks for itself. */
final class NodePin {
    private NodePin() {}

    static void pin(PodSpec spec, String node) {
        Affinity affinity = spec.getAffinity() == null ? new Affinity() : spec.getAffinity();
        NodeAffinity ofNodes = affinity.getNodeAffinity() == null ? new NodeAffinity() : affinity.getNodeAffinity();
        NodeSelector required = ofNodes.getRequiredDuringSchedulingIgnoredDuringExecution() == null
                ? new NodeSelector()
                : ofNodes.getRequiredDuringSchedulingIgnoredDuringExecution();
        if (required.getNodeSelectorTerms().isEmpty()) {
            required.getNodeSelectorTerms().add(new NodeSelectorTerm());
        }
        // A node has to meet one term, and of that all requirements.
        required.getNodeSelectorTerms()
                .forEach(term ->
                        term.getMatchFields().add(new NodeSelectorRequirement("metadata.name", "In", List.of(node))));
        ofNodes.setRequiredDuringSchedulingIgnoredDuringExecution(required);
        affinity.setNodeAffinity(ofNodes);
        spec.setAffinity(affinity);
    }
}
