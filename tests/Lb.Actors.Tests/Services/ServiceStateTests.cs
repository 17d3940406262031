using FsCheck.Fluent;

namespace Lb.Actors.Tests;

public class ServiceStateTests
{
    [Fact]
    public void A_fresh_backend_is_checked_before_it_takes_flows()
    {
        ServiceState state = State(Configs.Backend(1));
        Assert.Equal(BackendState.Checking, Member(state, 1).State);
        Assert.Equal(0, Member(state, 1).Share);
        state = Do(state, Judge(1, HealthVerdict.Up));
        Assert.Equal(BackendState.Up, Member(state, 1).State);
        Assert.Equal(100, Member(state, 1).Share);
    }

    [Fact]
    public void A_backend_without_checks_is_up_at_once()
    {
        ServiceState state = Do(
            ServiceState.Start(Configs.Service()),
            new ServiceCommand.Configure(Configs.Service(Configs.Backend(1)).Unchecked()));
        Assert.Equal(BackendState.Up, Member(state, 1).State);
        Assert.Empty(state.Decide(Judge(1, HealthVerdict.Down)));
    }

    [Fact]
    public void A_draining_backend_keeps_its_flows_and_takes_no_new_ones()
    {
        ServiceState state = Do(State(Configs.Backend(1, admin: BackendAdmin.Drain)), Judge(1, HealthVerdict.Up));
        Assert.True(Member(state, 1).IsAlive);
        Assert.Equal(0, Member(state, 1).Share);
        Assert.Equal(BackendState.Draining, Member(state, 1).State);
    }

    [Fact]
    public void A_disabled_backend_keeps_nothing_and_starts_anew_when_enabled()
    {
        ServiceState state = Do(State(Configs.Backend(1)), Judge(1, HealthVerdict.Up));
        state = Do(state, Configure(Configs.Backend(1, admin: BackendAdmin.Disabled)));
        Assert.False(Member(state, 1).IsAlive);
        Assert.Equal(BackendState.Disabled, Member(state, 1).State);
        Assert.Empty(state.Decide(Judge(1, HealthVerdict.Up)));
        state = Do(state, Configure(Configs.Backend(1)));
        Assert.Equal(BackendState.Checking, Member(state, 1).State);
    }

    [Fact]
    public void A_backend_that_leaves_the_config_finishes_its_flows()
    {
        ServiceState state = Do(State(Configs.Backend(1)), Judge(1, HealthVerdict.Up));
        state = Do(state, Configure());
        Assert.True(Member(state, 1) is { Leftover: true, IsAlive: true, Share: 0, State: BackendState.Draining });
        Assert.Empty(Do(state, new ServiceCommand.Forget(Configs.Socket(1))).Members);
    }

    [Fact]
    public void A_leftover_that_comes_back_is_itself_again()
    {
        ServiceState before = Do(State(Configs.Backend(1)), Judge(1, HealthVerdict.Up));
        ServiceState after = Do(before, Configure(), Configure(Configs.Backend(1)));
        Assert.Equal(Member(before, 1), Member(after, 1));
    }

    [Fact]
    public void A_configured_backend_is_not_forgotten() =>
        Assert.Empty(State(Configs.Backend(1)).Decide(new ServiceCommand.Forget(Configs.Socket(1))));

    [Fact]
    public void What_the_kernel_has_keeps_its_ids_and_its_verdict()
    {
        ServiceState state = Do(
            ServiceState.Start(Configs.Service()),
            new ServiceCommand.Adopt(
            [
                new DesiredBackend(7, Configs.Socket(1), true, true),
                new DesiredBackend(9, Configs.Socket(2), false, true),
            ]),
            Configure(Configs.Backend(1), Configs.Backend(3)));
        Assert.True(Member(state, 1) is { Id: 7, Verdict: HealthVerdict.Up, Leftover: false, Name: "b1" });
        Assert.True(Member(state, 2) is { Id: 9, Verdict: HealthVerdict.Down, Leftover: true });
        Assert.Equal(HealthVerdict.Unknown, Member(state, 3).Verdict);
    }

    [Fact]
    public void A_command_that_changes_nothing_has_no_events()
    {
        ServiceConfig config = Configs.Service(Configs.Backend(1));
        ServiceState state = Do(ServiceState.Start(config), new ServiceCommand.Configure(config));
        Assert.Empty(state.Decide(new ServiceCommand.Configure(config)));
        Assert.Empty(state.Decide(Judge(1, HealthVerdict.Unknown)));
        Assert.Empty(state.Decide(Judge(99, HealthVerdict.Up)));
    }

    [Fact]
    public void Ids_are_never_shared_and_never_zero() => Properties.Hold(
        Gen.Choose(0, 1023).ListOf(),
        200,
        pools =>
        {
            ServiceState state = ServiceState.Start(Configs.Service());
            foreach (int pool in pools)
            {
                BackendConfig[] backends =
                    [.. Enumerable.Range(1, 9).Where(i => (pool >> i & 1) != 0).Select(i => Configs.Backend(i))];
                state = Do(state, Configure(backends));
                PoolMember? leftover = state.Members.Values.FirstOrDefault(member => member.Leftover);
                if (leftover is not null && (pool & 1) != 0)
                {
                    state = Do(state, new ServiceCommand.Forget(leftover.Socket));
                }

                uint[] ids = [.. state.Members.Values.Select(member => member.Id)];
                Assert.Equal(ids.Length, ids.Distinct().Count());
                Assert.DoesNotContain(0u, ids);
                Assert.Equal(backends.Length, state.Members.Values.Count(member => !member.Leftover));
            }
        });

    private static ServiceState State(params BackendConfig[] backends) =>
        Do(ServiceState.Start(Configs.Service()), Configure(backends));

    private static ServiceCommand.Configure Configure(params BackendConfig[] backends) =>
        new(Configs.Service(backends));

    private static ServiceCommand.Judge Judge(int number, HealthVerdict verdict) =>
        new(Configs.Socket(number), verdict);

    private static PoolMember Member(ServiceState state, int number) => state.Members[Configs.Socket(number)];

    private static ServiceState Do(ServiceState state, params ServiceCommand[] commands) =>
        commands.Aggregate(state, (now, command) => now.Apply(now.Decide(command)));
}
