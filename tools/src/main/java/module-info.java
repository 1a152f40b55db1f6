/** Tools that examine a model: summaries, checks, gradients, memory. */
module org.jtorch.tools {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.optim;
    requires java.desktop;

    exports org.jtorch.tools;
}
