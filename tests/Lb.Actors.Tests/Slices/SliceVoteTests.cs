using System.Collections.Immutable;

namespace Lb.Actors.Tests.Slices;

/// <summary>One book among two nodes that say what the test has them say: rules that a whole world of nodes hardly ever needs.</summary>
public class SliceVoteTests
{
    private const string Self = "10.0.0.1:9120";
    private const string X = "10.0.0.2:9120";
    private const string Y = "10.0.0.3:9120";
    private const int Limit = 30;

    private static readonly ImmutableArray<VoteMember> All = [Member(Self), Member(X), Member(Y)];
    private static readonly ImmutableArray<VoteMember> WithoutX = [Member(Self), Member(X, isReachable: false), Member(Y)];
    private readonly SliceBook _book = new(Self, session: 500, now: 0);
    private long _now;

    [Fact]
    public void Process_that_was_started_again_claims_and_does_not_vote_until_what_it_voted_for_before_is_over()
    {
        SliceKey limit = Begin(owner: X);

        Assert.False(Assert.Single(ClaimsAt(1, X)).Votes);
        Assert.Equal(limit, ClaimsAt(2.9, X).Single().Entries.Single().Key);
        Assert.False(Assert.Single(ClaimsAt(2.99, X)).Votes);
        Assert.True(Assert.Single(ClaimsAt(3, X)).Votes);
    }

    [Fact]
    public void Claim_of_a_process_that_does_not_vote_yet_makes_nobody_the_owner()
    {
        SliceKey limit = Begin(owner: Self);
        At(4); // Its own vote counts by now; it is one of three.
        Assert.DoesNotContain(Claim(X, limit, votes: false), effect => effect is SliceEffect.Own or SliceEffect.Send { Message: SliceMessage.Grant });

        Assert.Contains(new SliceEffect.Own(limit.Service), Claim(X, limit, votes: true));
    }

    [Fact]
    public void Grant_for_a_claim_from_before_another_owner_was_followed_is_not_taken()
    {
        SliceKey limit = Begin(owner: X);
        long before = Assert.Single(ClaimsAt(3, X)).Stamp;
        Grant(before, serial: 1, amount: 10, limit);
        Assert.Equal(10, Assert.IsType<SliceEffect.Use>(Assert.Single(Drain())).Amount);

        // Its signs of life are old when they come, so that this node may follow the other one soon after its last vote.
        long last = Assert.Single(ClaimsAt(5.9, X)).Stamp;
        _book.OnMembers(WithoutX, epoch: 1, isIn: true, _now);
        Hello(Y, stamp: Ticks(1000));
        Assert.Single(ClaimsAt(6, Y));
        _book.OnMembers(All, epoch: 1, isIn: true, _now);
        Hello(X, stamp: Ticks(1000));
        long after = Assert.Single(ClaimsAt(9, X)).Stamp;
        Drain();

        Grant(last, serial: 9, amount: 20, limit);
        Assert.Empty(Drain());
        Grant(after, serial: 10, amount: 5, limit);
        Assert.Equal(5, Assert.IsType<SliceEffect.Use>(Assert.Single(Drain())).Amount);
    }

    [Fact]
    public void Vote_for_a_node_that_resigns_is_free_at_once_and_it_is_followed_no_more_until_it_starts_again()
    {
        SliceKey limit = Begin(owner: X);
        long before = Assert.Single(ClaimsAt(3, X)).Stamp;
        Grant(before, serial: 1, amount: 10, limit);
        Drain();

        Resign(X);
        _book.Look(_now);
        SliceMessage.Claim claim = Claims(Y).Single();
        Assert.Equal((true, 10), (claim.Votes, claim.Entries.Single().Holds));
        Grant(before, serial: 2, amount: 20, limit); // It was on its way.
        Assert.Empty(Drain());

        // What it said before that comes late, and it is as good as any again when its process is another one.
        Hello(X, stamp: Ticks(4));
        Assert.Empty(ClaimsAt(20, X));
        _book.OnMessage(X, life: 2, new SliceMessage.Hello(SessionOf(X) + 1, 1), _now);
        Assert.Single(ClaimsAt(23, X));
    }

    [Fact]
    public void Owner_that_ends_gives_nothing_any_more_unless_some_do_not_know_the_word()
    {
        SliceKey limit = Begin(owner: Self);
        Hello(X, stamp: 2, SliceMessage.Hello.KnowsEnds);
        At(4);
        Claim(Y, limit, votes: true);
        _book.End(_now); // The other one is of a release before that.
        Assert.Contains(Claim(X, limit, votes: true), effect => effect is SliceEffect.Send { Message: SliceMessage.Grant });
        Assert.DoesNotContain(Drain(), effect => effect is SliceEffect.Use { Amount: > 0 });
    }

    [Fact]
    public void Owner_that_resigns_answers_no_claim()
    {
        SliceKey limit = Begin(owner: Self);
        Hello(X, stamp: 2, SliceMessage.Hello.KnowsEnds);
        Hello(Y, stamp: 2, SliceMessage.Hello.KnowsEnds);
        At(4);
        Assert.Contains(Claim(X, limit, votes: true), effect => effect is SliceEffect.Send { Message: SliceMessage.Grant });

        _book.End(_now);
        Assert.All(Drain().OfType<SliceEffect.Send>().Select(send => send.Message).OfType<SliceMessage.Hello>(), hello => Assert.True(hello.Resigns));
        At(4.5);
        Assert.DoesNotContain(Claim(X, limit, votes: true), effect => effect is SliceEffect.Send { Message: SliceMessage.Grant });
    }

    [Fact]
    public void Node_that_ends_takes_nothing_and_is_done_when_what_it_uses_last_was_heard()
    {
        SliceKey limit = Begin(owner: X);
        Grant(Assert.Single(ClaimsAt(3, X)).Stamp, serial: 1, amount: 10, limit);
        _book.Observe(limit, 4, hungry: false, _now);
        Drain();

        _book.End(_now);
        SliceMessage.Claim first = Claims(X).Single();
        Assert.Equal((true, 0, 4), (first.Entries[0].Ends, first.Entries[0].Holds, first.Entries[0].Used));
        Grant(first.Stamp, serial: 2, amount: 10, limit);
        Assert.Empty(Drain());
        Assert.True(_book.IsReturned);

        _book.Observe(limit, 0, hungry: false, _now);
        Assert.False(_book.IsReturned);
        _book.Look(_now);
        SliceMessage.Claim last = Claims(X).Single();
        Grant(first.Stamp, serial: 3, amount: 0, limit);
        Assert.False(_book.IsReturned);
        Grant(last.Stamp, serial: 4, amount: 0, limit);
        Assert.True(_book.IsReturned);
    }

    [Fact]
    public void Node_has_its_part_of_a_lowered_limit_at_once_and_takes_no_more_for_a_claim_from_before()
    {
        SliceKey limit = Begin(owner: X);
        long before = Assert.Single(ClaimsAt(3, X)).Stamp;
        Grant(before, serial: 1, amount: 15, limit);
        Drain();

        _book.Configure(limit.Service, new Dictionary<ulong, int> { [0] = 20 });
        Assert.Equal(10, Assert.IsType<SliceEffect.Use>(Assert.Single(Drain())).Amount);
        Grant(before, serial: 2, amount: 15, limit);
        Assert.Equal(10, Assert.IsType<SliceEffect.Use>(Assert.Single(Drain())).Amount);
        SliceMessage.Claim after = Assert.Single(ClaimsAt(3.5, X));
        Assert.Equal((2, 10), (after.Entries[0].Serial, after.Entries[0].Holds));
        Grant(after.Stamp, serial: 3, amount: 12, limit);
        Assert.Equal(12, Assert.IsType<SliceEffect.Use>(Assert.Single(Drain())).Amount);
    }

    private static VoteMember Member(string address, bool isReachable = true) => new(address, isReachable, IsLost: false);

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    /// <summary>The node has heard of both others, and of a service with this owner; when that is lost, the third is it.</summary>
    private SliceKey Begin(string owner)
    {
        string second = owner == X ? Y : owner;
        ulong number = 1;
        while (new Electorate(Self, All, 0, 1).Owner(number).Address != owner
            || new Electorate(Self, WithoutX, 0, 1).Owner(number).Address != second)
        {
            number++;
        }

        _book.OnMembers(All, epoch: 0, isIn: true, _now);
        _book.Configure(number, new Dictionary<ulong, int> { [0] = Limit });
        _book.OnRelay(number, runs: true);
        Hello(X, stamp: 1);
        Hello(Y, stamp: 1);
        Drain();
        return new SliceKey(number, 0);
    }

    private void At(double seconds)
    {
        _now = Ticks(seconds);
        _book.Tick(_now);
    }

    private IEnumerable<SliceMessage.Claim> ClaimsAt(double seconds, string to)
    {
        At(seconds);
        return Claims(to);
    }

    private IEnumerable<SliceMessage.Claim> Claims(string to) =>
    [
        .. Drain()
            .OfType<SliceEffect.Send>()
            .Where(send => send.To == to)
            .Select(send => send.Message)
            .OfType<SliceMessage.Claim>(),
    ];

    private void Hello(string from, long stamp, int level = 0) =>
        _book.OnMessage(from, life: 1, new SliceMessage.Hello(SessionOf(from), stamp, level), _now);

    private void Resign(string from) => _book.OnMessage(
        from, life: 1, new SliceMessage.Hello(SessionOf(from), _now, SliceMessage.Hello.KnowsEnds, Resigns: true), _now);

    private ImmutableArray<SliceEffect> Claim(string from, SliceKey limit, bool votes)
    {
        Drain();
        SliceMessage claim = new SliceMessage.Claim(
            SessionOf(from), To: 500, Echo: _now - 1, Stamp: _now + (votes ? 1 : 0), votes, [new SliceClaim(limit, Relays: true, 0, 0, 0, Hungry: false)]);
        _book.OnMessage(from, life: 1, claim, _now);
        return Drain();
    }

    private void Grant(long echo, long serial, int amount, SliceKey limit) => _book.OnMessage(
        X, life: 1, new SliceMessage.Grant(SessionOf(X), To: 500, echo, [new SliceGrant(limit, serial, amount)]), _now);

    private ImmutableArray<SliceEffect> Drain() => _book.Drain();

    private static long SessionOf(string node) => node == X ? 700 : 900;
}
