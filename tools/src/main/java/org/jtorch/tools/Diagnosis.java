package org.jtorch.tools;

import java.util.ArrayList;
import java.util.List;

/**
 * The findings of {@link Doctor}.
 *
 * @param findings the findings; empty if there are none
 */
public record Diagnosis(List<Finding> findings) {

    /** Creates a summary of a copy of the list. */
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** Returns whether nothing was found. */
    public boolean isHealthy() {
        return findings.isEmpty();
    }

    /** Returns the findings about one trap. */
    public List<Finding> of(Trap trap) {
        return findings.stream().filter(f -> f.trap() == trap).toList();
    }

    /** Returns a numbered list of the findings. */
    @Override
    public String toString() {
        if (findings.isEmpty()) {
            return "nothing found";
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < findings.size(); i++) {
            lines.add((i + 1) + ". " + findings.get(i));
        }
        return String.join("\n", lines);
    }
}
