using System.Collections.Immutable;

namespace Lb.Actors.Tests.Slices;

public class SliceLedgerTests
{
    private static readonly SliceKey Key = new(77, 0);
    private static readonly ImmutableHashSet<string> All = ["a", "b", "c"];
    private static readonly ImmutableHashSet<string> Left = ["a", "b"];
    private readonly SliceLedger _ledger = new();

    [Fact]
    public void Books_are_not_whole_when_one_is_given_up_that_never_told_what_it_has()
    {
        Tell(1, "a", "b");
        Assert.False(IsWhole(All, goneAt: -100, now: 1));

        Tell(2, "a", "b");
        Assert.False(IsWhole(Left, goneAt: 2, now: 2));
        Tell(7.2, "a", "b");
        Assert.False(IsWhole(Left, goneAt: 2, now: 7.2));
        Tell(7.3, "a", "b");
        Assert.True(IsWhole(Left, goneAt: 2, now: 7.3)); // What anybody gave before is over.
    }

    [Fact]
    public void Books_that_were_whole_stay_so_when_one_is_out()
    {
        Tell(1, "a", "b", "c");
        Assert.True(IsWhole(All, goneAt: -100, now: 1));

        Tell(2, "a", "b");
        Assert.True(IsWhole(Left, goneAt: 2, now: 2));
    }

    [Fact]
    public void Books_that_begin_after_one_is_out_are_whole_when_it_must_have_known_and_its_slice_is_over()
    {
        Tell(1, "a", "b");
        Assert.False(IsWhole(Left, goneAt: 0, now: 1));
        Tell(9.2, "a", "b");
        Assert.False(IsWhole(Left, goneAt: 0, now: 9.2));
        Tell(9.3, "a", "b");
        Assert.True(IsWhole(Left, goneAt: 0, now: 9.3));
    }

    /// <summary>These say at a time that they have nothing, and have said so all the time since the last.</summary>
    private void Tell(double now, params ReadOnlySpan<string> nodes)
    {
        foreach (string node in nodes)
        {
            SliceAccount? account = _ledger[Key].Find(known => known.Node == node);
            if (account is null)
            {
                _ledger[Key].Add(account = new SliceAccount(node, session: 1));
            }

            account.OnClaim(new SliceClaim(Key, Relays: true, 0, 0, 0, Hungry: false), Ticks(now), Ticks(now + 9), Ticks(now));
            _ledger.Bind(node, 1, Ticks(now + 9), votes: true);
        }

        _ledger.Refresh(All, Ticks(now));
    }

    private bool IsWhole(ImmutableHashSet<string> members, double goneAt, double now) =>
        _ledger.IsWhole(Key, members, changedAt: Ticks(goneAt), Ticks(goneAt), Ticks(now));

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);
}
