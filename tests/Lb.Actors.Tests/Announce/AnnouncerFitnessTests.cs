namespace Lb.Actors.Tests.Announce;

public sealed class AnnouncerFitnessTests
{
    private readonly AnnouncerFitness _fitness = new();

    [Fact]
    public void All_must_be_well_before_it_is_fit()
    {
        Update(0, soft: "tables are missing");
        Assert.Equal("tables are missing", _fitness.Reason);
        Assert.False(_fitness.MustHandOver);

        Update(1);
        Assert.Null(_fitness.Reason);
    }

    [Fact]
    public void A_moment_of_trouble_changes_nothing_and_trouble_that_lasts_does()
    {
        Update(0);
        Update(1, soft: "the kernel refuses");
        Update(3.9, soft: "the kernel refuses");
        Assert.Null(_fitness.Reason);
        Update(4, soft: "the kernel refuses");
        Assert.Equal("the kernel refuses", _fitness.Reason);
        Assert.True(_fitness.MustHandOver);

        Update(5);
        Assert.Null(_fitness.Reason);
        Update(6, soft: "again");
        Assert.Null(_fitness.Reason);
    }

    [Fact]
    public void A_cable_that_is_out_counts_at_once()
    {
        Update(0);
        Update(0.1, hard: "no interface");

        Assert.True(_fitness.MustHandOver);
    }

    private void Update(double seconds, string? hard = null, string? soft = null) =>
        _fitness.Update(hard, soft, TimeSpan.FromSeconds(seconds));
}
