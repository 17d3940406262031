using FsCheck.Fluent;

namespace Lb.Actors.Tests;

/// <summary>Which backends of a pool are used: backups and the panic threshold.</summary>
public sealed class PoolChoiceTests
{
    private const HealthVerdict Up = HealthVerdict.Up;
    private const HealthVerdict Down = HealthVerdict.Down;
    private const HealthVerdict Unknown = HealthVerdict.Unknown;

    [Fact]
    public void Backup_is_used_while_no_other_is_up_and_only_then()
    {
        BackendConfig[] pool = [Configs.Backend(1), Configs.Backend(2), Backup(3)];
        Assert.Equal([100, 100, 0], Shares(Judged(0, pool, Up, Up, Up)));
        Assert.Equal([0, 100, 0], Shares(Judged(0, pool, Down, Up, Up)));
        ServiceState onBackup = Judged(0, pool, Down, Down, Up);
        Assert.Equal([0, 0, 100], Shares(onBackup));
        Assert.Equal(PoolUse.Backups, onBackup.Choice.Use);
        Assert.Equal([0, 0, 0], Shares(Judged(0, pool, Down, Down, Down)));
    }

    [Fact]
    public void Drained_and_disabled_backends_do_not_keep_a_backup_out()
    {
        ServiceState state = Judged(
            0, [Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2, admin: BackendAdmin.Disabled), Backup(3)], Up, Up, Up);
        Assert.Equal([0, 0, 100], Shares(state));
        Assert.True(state.Choice.IsAlive(Member(state, 1)), "the drained one keeps its flows");
    }

    [Theory]
    [InlineData(0.5, 2, PoolUse.Usual)]
    [InlineData(0.5, 3, PoolUse.Panic)]
    [InlineData(0.5, 4, PoolUse.Panic)]
    [InlineData(0, 4, PoolUse.Usual)]
    [InlineData(1, 1, PoolUse.Panic)]
    [InlineData(1, 0, PoolUse.Usual)]
    public void Below_the_threshold_all_enabled_backends_are_used(double threshold, int down, PoolUse use)
    {
        BackendConfig[] pool = [.. Enumerable.Range(1, 4).Select(n => Configs.Backend(n))];
        ServiceState state = Judged(threshold, pool, [.. Enumerable.Range(1, 4).Select(n => n <= down ? Down : Up)]);
        Assert.Equal(use, state.Choice.Use);
        Assert.Equal(
            Enumerable.Range(1, 4).Select(n => use == PoolUse.Panic || n > down ? 100 : 0), Shares(state));
        Assert.All(
            state.Members.Values,
            member => Assert.Equal(state.Choice.ShareOf(member) > 0, state.Choice.IsAlive(member)));
    }

    [Fact]
    public void Weight_counts_for_the_threshold_not_the_number_of_backends()
    {
        BackendConfig[] pool = [Configs.Backend(1, weight: 300), Configs.Backend(2), Configs.Backend(3)];
        Assert.Equal(PoolUse.Usual, Judged(0.5, pool, Up, Down, Down).Choice.Use);
        Assert.Equal(PoolUse.Panic, Judged(0.5, pool, Down, Up, Up).Choice.Use);
    }

    [Fact]
    public void Who_waits_for_a_first_verdict_is_not_down_and_is_used_in_panic()
    {
        BackendConfig[] pool = [.. Enumerable.Range(1, 4).Select(n => Configs.Backend(n))];
        Assert.Equal(PoolUse.Usual, Judged(0.5, pool, Unknown, Unknown, Unknown, Unknown).Choice.Use);
        Assert.Equal([0, 0, 0, 100], Shares(Judged(0.5, pool, Unknown, Down, Down, Up)));
        Assert.Equal([100, 100, 100, 100], Shares(Judged(0.5, pool, Unknown, Down, Down, Down)));
    }

    [Fact]
    public void A_backup_that_works_goes_before_panic_and_one_that_does_not_is_never_used()
    {
        BackendConfig[] pool = [Configs.Backend(1), Configs.Backend(2), Configs.Backend(3), Backup(4)];
        Assert.Equal([0, 0, 0, 100], Shares(Judged(0.5, pool, Down, Down, Down, Up)));
        Assert.Equal([100, 100, 100, 0], Shares(Judged(0.5, pool, Down, Down, Down, Down)));
        Assert.Equal([100, 100, 100, 0], Shares(Judged(0.5, pool, Down, Down, Up, Up)));
    }

    [Fact]
    public void The_choice_never_uses_what_the_operator_does_not_want_and_never_leaves_a_working_pool_empty() => Properties.Hold(
        Gen.Choose(0, (3 * 3 * 2 * 2) - 1).ListOf().Zip(Gen.Elements(0, 0.3, 0.5, 1)),
        500,
        drawn =>
        {
            (IList<int> kinds, double threshold) = drawn;
            BackendConfig[] pool = [.. kinds.Take(9).Select((kind, i) =>
                Configs.Backend(i + 1, weight: kind / 18 * 50, admin: (BackendAdmin)(kind % 3)) with { Backup = kind / 9 % 2 == 1 })];
            ServiceState state = Judged(threshold, pool, [.. kinds.Take(9).Select(kind => (HealthVerdict)(kind / 3 % 3))]);
            PoolChoice choice = state.Choice;
            PoolMember[] enabled = [.. state.Members.Values.Where(m => m is { Admin: BackendAdmin.Enabled, Weight: > 0 })];

            Assert.All(state.Members.Values.Except(enabled), member => Assert.Equal(0, choice.ShareOf(member)));
            Assert.All(
                enabled.Where(member => choice.ShareOf(member) > 0 && member.Verdict != Up),
                _ => Assert.Equal(PoolUse.Panic, choice.Use));
            Assert.Equal(threshold == 0 && !enabled.Any(member => member.Verdict == Up), threshold == 0 && !choice.HasBackend);
            Assert.True(choice.HasBackend || !enabled.Any(member => member.Verdict == Up), "a backend that is up is used");
            Assert.True(
                enabled.Where(member => choice.ShareOf(member) > 0).Select(member => member.Backup).Distinct().Count() <= 1,
                "backups are used alone");
            Assert.All(
                state.Members.Values.Where(member => choice.ShareOf(member) > 0), member => Assert.True(choice.IsAlive(member)));
        });

    [Fact]
    public void Panic_brings_dead_backends_back_and_cuts_no_flow_of_a_living_one()
    {
        BackendConfig[] pool = [.. Enumerable.Range(1, 4).Select(n => Configs.Backend(n))];
        Generation three = Generation.Next(null, Judged(0.5, pool, Up, Up, Down, Down), 0);
        ServiceState panic = Judged(0.5, pool, Up, Down, Down, Down);

        Generation after = Generation.Next(three, panic, 1);

        Assert.All(after.Desired.Backends, backend => Assert.True(backend.Alive));
        Assert.Equal(4, after.Counts.Count(count => count.Value.Current > 0));
        for (int i = 0; i < three.Table.Slots.Length; i++)
        {
            Lb.Kernel.Slot slot = after.Table.Slots[i];
            Assert.True(slot.Current == three.Table.Slots[i].Current || slot.Previous == three.Table.Slots[i].Current);
        }
    }

    private static BackendConfig Backup(int number) => Configs.Backend(number) with { Backup = true };

    private static ServiceState Judged(double threshold, BackendConfig[] pool, params HealthVerdict[] verdicts)
    {
        ServiceConfig config = Configs.Service(pool) with { Pool = new PoolPolicy { PanicThreshold = threshold } };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Configure(config)));
        for (int i = 0; i < pool.Length; i++)
        {
            state = state.Apply(state.Decide(new ServiceCommand.Judge(Configs.Socket(i + 1), verdicts[i])));
        }

        return state;
    }

    private static PoolMember Member(ServiceState state, int number) => state.Members[Configs.Socket(number)];

    private static IEnumerable<int> Shares(ServiceState state) =>
        state.Members.Values.OrderBy(member => member.Id).Select(state.Choice.ShareOf);
}
