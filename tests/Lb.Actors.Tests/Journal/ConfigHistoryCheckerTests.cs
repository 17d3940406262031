using System.Collections.Immutable;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>A check that finds nothing is worth what it would find: each kind of violation is planted here.</summary>
public sealed class ConfigHistoryCheckerTests
{
    // a=1 at revision 11 by change 1, b=2 at 12 by change 2, a=3 at 13 by change 3: one after the other.
    private static readonly ConfigHistory Right = new(
        10,
        Values(0, 0),
        [new JournalRow(1, "a", 1), new JournalRow(2, "b", 2), new JournalRow(3, "a", 3)],
        [
            Asked(1, "a", 1, 10, 20) with { Revision = 11 },
            Asked(2, "b", 2, 30, 40) with { Node = "n2", Revision = 12, Expected = 11 },
            Asked(3, "a", 3, 50, 60) with { Outcome = ChangeOutcome.Unknown },
            Asked(4, "a", 4, 50, 55) with { Outcome = ChangeOutcome.Refused },
            Asked(5, "a", 5, 50, 55) with { Outcome = ChangeOutcome.Stale, Expected = 11 },
            Asked(6, "a", 6, 70, 75) with { Outcome = ChangeOutcome.Unknown },
        ],
        [
            new ConfigRead("n1", IsLatest: false, At(22), At(23), 11, Values(1, 0)),
            new ConfigRead("n3", IsLatest: false, At(45), At(46), 10, Values(0, 0)),
            new ConfigRead("n1", IsLatest: true, At(51), At(52), 12, Values(1, 2)),
            new ConfigRead("n1", IsLatest: true, At(61), At(62), 13, Values(3, 2)),
        ]);

    public static TheoryData<string, ConfigHistory> Planted => new()
    {
        { "is in the journal at []", Right with { Rows = Right.Rows.RemoveAt(2).SetItem(1, new JournalRow(9, "b", 2)) } },
        { "is in the journal at [11, 14]", Right with { Rows = Right.Rows.Add(Right.Rows[0]) } },
        { "is in the journal at [13, 14]", Right with { Rows = Right.Rows.Add(Right.Rows[2]) } },
        { "is in the journal at [14]", Right with { Rows = Right.Rows.Add(new JournalRow(4, "a", 4)) } },
        { "is in the journal as", Right with { Rows = Right.Rows.SetItem(2, new JournalRow(3, "a", 33)) } },
        { "was made at revision 12", Change(1, change => change with { Expected = 10 }) },
        { "all the time", Change(4, change => change with { Expected = 12, Asked = At(41), Told = At(42) }) },
        { "comes before it in the journal", Change(0, change => change with { Asked = At(41), Told = At(42) }) },
        { "is not what the journal says", Read(0, read => read with { Values = Values(1, 2) }) },
        { "is not what the journal says", Read(0, read => read with { Revision = 99 }) },
        { "before anybody had asked for it", Read(0, read => read with { Asked = At(2), Told = At(3) }) },
        { "was read as the latest", Read(1, read => read with { IsLatest = true }) },
        { "was told there", Read(0, read => read with { Asked = At(55), Told = At(56) }) },
        { "was told there", Read(1, read => read with { Node = "n2" }) },
    };

    [Fact]
    public void A_history_that_is_right_has_no_violation() => Assert.Empty(ConfigHistoryChecker.Check(Right));

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_violation_is_found(string words, ConfigHistory history) =>
        Assert.Contains(ConfigHistoryChecker.Check(history), violation => violation.Contains(words, StringComparison.Ordinal));

    private static TimeSpan At(int time) => TimeSpan.FromMilliseconds(time);

    private static ChangeAsked Asked(int id, string key, int value, int asked, int told) =>
        new(id, "n1", key, value, null, At(asked), At(told), ChangeOutcome.Applied);

    private static ImmutableSortedDictionary<string, int> Values(int a, int b) =>
        ImmutableSortedDictionary<string, int>.Empty.Add("a", a).Add("b", b);

    private static ConfigHistory Change(int index, Func<ChangeAsked, ChangeAsked> change) =>
        Right with { Changes = Right.Changes.SetItem(index, change(Right.Changes[index])) };

    private static ConfigHistory Read(int index, Func<ConfigRead, ConfigRead> change) =>
        Right with { Reads = Right.Reads.SetItem(index, change(Right.Reads[index])) };
}
