namespace Lb.Actors.Tests.Site;

/// <summary>A node alone with backends that come up slowly.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(80);

    [Fact]
    public void A_backend_that_comes_back_gets_its_weight_in_steps_and_a_start_does_not_wait()
    {
        using Node node = Node.Start(Service(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => Shares(node) is [(null, > 0.4), (null, > 0.4)], "a start is not slow");
        node.Prober.Down(1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 is left");
        node.Prober.Up(1);
        node.WaitFor(() => Shares(node) is [(0.1, > 0.08 and < 0.1), _], "it begins with a tenth of its weight");

        node.Clock.Advance(s_time / 2);
        node.WaitFor(() => Shares(node) is [(0.55, > 0.34 and < 0.37), _], "half of the time is gone");
        node.Clock.Advance(s_time / 2);
        node.WaitFor(() => Shares(node) is [(null, > 0.4), (null, > 0.4)], "it has its whole weight");
    }

    [Fact]
    public void A_new_backend_comes_up_slowly_and_at_once_when_that_is_switched_off()
    {
        using Node node = Node.Start(Service(Configs.Backend(1)));
        node.Change(_ => Service(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => Shares(node) is [(null, _), (0.1, > 0.08 and < 0.1)], "it begins with a tenth of its weight");

        node.Change(_ => Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => Shares(node) is [(null, > 0.4), (null, > 0.4)], "it has its whole weight");
    }

    private static ServiceConfig Service(params BackendConfig[] backends) => Configs.Service(backends) with
    {
        Pool = new PoolPolicy { SlowStart = s_time },
    };

    private static (double? Ramp, double Share)[] Shares(Node node) =>
        [.. node.Web().Backends.OrderBy(b => b.Name, StringComparer.Ordinal).Select(b => (b.Ramp, b.Share))];
}
