/** Ways to look into a model: summaries, checks, gradients, memory. */
@SuppressWarnings("module") // modules that are built later are named too
module org.jtorch.tools {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.optim;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.desktop;
    // XChart gives itself no name as a module: this one comes from the name of its jar
    requires xchart;

    exports org.jtorch.tools;
    exports org.jtorch.tools.verify to
            org.jtorch.cli;
}
