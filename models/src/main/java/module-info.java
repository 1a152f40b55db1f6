/** Reference models, and models with public checkpoints. */
module org.jtorch.models {
    requires transitive org.jtorch.nn;
    requires transitive org.jtorch.serialize;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.desktop; // for the images that nn decodes
    requires java.net.http;

    exports org.jtorch.models.bert;
    exports org.jtorch.models.classification;
    exports org.jtorch.models.convnext;
    exports org.jtorch.models.decoder;
    exports org.jtorch.models.dinov2;
    exports org.jtorch.models.distilbert;
    exports org.jtorch.models.efficientnet;
    exports org.jtorch.models.gemma;
    exports org.jtorch.models.generation;
    exports org.jtorch.models.gpt2;
    exports org.jtorch.models.hub;
    exports org.jtorch.models.images;
    exports org.jtorch.models.layers;
    exports org.jtorch.models.llama;
    exports org.jtorch.models.mistral;
    exports org.jtorch.models.mobilenetv2;
    exports org.jtorch.models.mobilenetv3;
    exports org.jtorch.models.mpnet;
    exports org.jtorch.models.pretrained;
    exports org.jtorch.models.quantization;
    exports org.jtorch.models.qwen2;
    exports org.jtorch.models.qwen3;
    exports org.jtorch.models.resnet;
    exports org.jtorch.models.roberta;
    exports org.jtorch.models.sentence;
    exports org.jtorch.models.swin;
    exports org.jtorch.models.t5;
    exports org.jtorch.models.vision;
    exports org.jtorch.models.vision.ops;
    exports org.jtorch.models.vit;
    exports org.jtorch.models;
}
