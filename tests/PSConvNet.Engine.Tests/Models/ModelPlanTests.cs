namespace PSConvNet.Tests.Models;

public class ModelPlanTests
{
    [Theory]
    [InlineData(ModelPreset.TutorialConv, 1199882)]
    [InlineData(ModelPreset.TutorialDense, 669706)]
    public void The_presets_of_the_tutorial_have_Keras_parameter_counts(ModelPreset preset, int parameters)
    {
        Assert.Equal(parameters, new Model(ModelPresets.Layers(preset), new Shape(28, 28, 1)).ParameterCount);
    }

    [Fact]
    public void Every_preset_can_be_built_for_colour_and_for_other_classes()
    {
        foreach (var preset in Enum.GetValues<ModelPreset>())
        {
            var model = new Model(ModelPresets.Layers(preset, classes: 3), new Shape(32, 32, 3));
            Assert.Equal(new Shape(3), model.OutputShape);
            Assert.Empty(model.Warnings);
        }
    }

    [Fact]
    public void A_plan_names_every_layer_of_the_model_and_ends_with_its_output_shape()
    {
        foreach (var preset in Enum.GetValues<ModelPreset>())
        {
            var model = new Model(ModelPresets.Layers(preset), new Shape(28, 28, 1));

            var plan = ModelPlan.Create(model);

            var named = plan.Steps.SelectMany(step => step.Layers.Split(", ")).ToHashSet();
            Assert.Empty(model.Summary.Layers.Select(layer => layer.Name).Except(named));
            Assert.Equal(model.OutputShape, plan.Steps[^1].OutputShape);
            Assert.Equal(Enumerable.Range(1, plan.Steps.Count), plan.Steps.Select(step => step.Step));
        }
    }

    [Fact]
    public void A_plan_tells_a_layer_within_a_block_from_one_outside_that_has_its_name()
    {
        var model = new Model(
            [
                new ConvLayer(4) { Padding = Padding.Same },
                new ResidualBlock([new ConvLayer(4) { Padding = Padding.Same }]),
                new GlobalPoolLayer(PoolKind.Average),
                new DenseLayer(3),
            ],
            new Shape(8, 8, 1)
        );

        var named = ModelPlan.Create(model).Steps.SelectMany(step => step.Layers.Split(", ")).ToList();

        Assert.Contains("conv2d_1", named);
        Assert.Contains("residual_1/conv2d_1", named);
        Assert.Equal(named.Distinct(), named);
    }

    [Fact]
    public void The_plan_of_the_tutorials_network_shows_what_is_fused()
    {
        var steps = ModelPlan
            .Create(new Model(ModelPresets.Layers(ModelPreset.TutorialConv), new Shape(28, 28, 1)))
            .Steps;

        Assert.Contains(steps, step => step.Layers == "conv2d_1" && step.Method.Contains("ReLU"));
        Assert.Contains(steps, step => step.Layers.Contains("max_pooling2d_1") && step.Layers.Contains("dropout_1"));
    }
}
