/** Ways to look into a model: summaries, checks, gradients, memory. */

module org.jtorch.tools {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.optim;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.desktop;

    exports org.jtorch.tools;
}
