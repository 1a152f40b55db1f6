/** Reference models. */
module org.jtorch.models {
    requires transitive org.jtorch.nn;

    exports org.jtorch.models;
}
