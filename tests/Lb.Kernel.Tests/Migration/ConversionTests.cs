using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Migration;

namespace Lb.Kernel.Tests.Migration;

/// <summary>How the bytes of one struct become those of another.</summary>
public sealed class ConversionTests
{
    private static readonly NumberType s_byte = new(1, false, false);
    private static readonly NumberType s_short = new(2, false, false);
    private static readonly NumberType s_word = new(4, false, false);
    private static readonly NumberType s_long = new(8, false, false);
    private static readonly NumberType s_signed = new(2, true, false);
    private static readonly NumberType s_wideSigned = new(8, true, false);
    private static readonly NumberType s_port = new(2, false, true);
    private static readonly NumberType s_widePort = new(4, false, true);

    [Fact]
    public void Member_in_the_middle_moves_those_behind_it_and_is_zero() => AssertBecomes(
        Struct(("a", s_short), ("b", s_short)), Struct(("a", s_short), ("new", s_word), ("b", s_short)), "11112222", "1111000000002222");

    [Fact]
    public void Member_that_is_no_more_is_left_out() => AssertBecomes(
        Struct(("a", s_short), ("gone", s_word), ("b", s_short)), Struct(("a", s_short), ("b", s_short)), "1111333333332222", "11112222");

    [Fact]
    public void Members_in_another_order_go_by_their_names() => AssertBecomes(
        Struct(("a", s_short), ("b", s_byte)), Struct(("b", s_byte), ("a", s_short)), "111122", "221111");

    [Fact]
    public void Number_grows_with_its_sign_and_its_byte_order() => AssertBecomes(
        Struct(("a", s_short), ("b", s_signed), ("c", s_port)),
        Struct(("a", s_word), ("b", s_wideSigned), ("c", s_widePort)),
        "3412feff0050",
        "34120000feffffffffffffff00000050");

    [Fact]
    public void Number_that_fits_the_narrower_member_is_carried() => AssertBecomes(
        Struct(("a", s_long), ("b", s_wideSigned)), Struct(("a", s_byte), ("b", s_signed)), "7b00000000000000ffffffffffffffff", "7bffff");

    [Theory]
    [InlineData("0001000000000000", "v.a is 256, which 1 bytes without a sign do not hold")]
    [InlineData("ffffffffffffffff", "v.a is 18446744073709551615, which 1 bytes without a sign do not hold")]
    public void Number_that_does_not_fit_is_named(string value, string problem) =>
        Assert.Equal(problem, Plan(Struct(("a", s_long)), Struct(("a", s_byte))).Apply(System.Convert.FromHexString(value), new byte[1]));

    [Fact]
    public void Byte_order_goes_with_the_type() =>
        AssertBecomes(Struct(("a", s_port)), Struct(("a", s_word)), "0050", "50000000");

    [Fact]
    public void Structs_within_and_their_arrays_go_member_by_member() => AssertBecomes(
        Struct(("x", new ArrayType(Struct(("a", s_byte), ("b", s_byte)), 2)), ("y", Struct(("c", s_byte)))),
        Struct(("y", Struct(("new", s_byte), ("c", s_byte))), ("x", new ArrayType(Struct(("b", s_byte), ("new", s_byte), ("a", s_byte)), 3))),
        "0102030405",
        "0005" + "020001" + "040003" + "000000");

    [Fact]
    public void Array_that_is_shorter_must_have_nothing_at_its_end()
    {
        Conversion shorter = Plan(Struct(("a", new ArrayType(s_byte, 4))), Struct(("a", new ArrayType(s_byte, 2))));
        Assert.Null(shorter.Apply([1, 2, 0, 0], new byte[2]));
        Assert.Equal("the end of v.a is in use, and there is no room for it", shorter.Apply([1, 2, 0, 4], new byte[2]));
    }

    [Fact]
    public void Union_goes_whole_where_its_members_are_the_same()
    {
        DataType one = Union(("a", s_word), ("b", s_byte));
        AssertBecomes(one, Union(("a", s_word), ("b", s_byte), ("c", s_long)), "01020304", "0102030400000000");
        Assert.Null(ConversionRule.Plan(one, Union(("a", s_long), ("b", s_byte)), "v", out string? problem));
        Assert.Contains("v.a has changed, and is in a union", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Member_of_another_kind_is_refused_by_its_path()
    {
        DataType old = Struct(("x", Struct(("a", s_word))));
        Assert.Null(ConversionRule.Plan(old, Struct(("x", Struct(("a", new ArrayType(s_byte, 4))))), "v", out string? problem));
        Assert.Equal("v.x.a is a number there and an array here", problem);
    }

    [Fact]
    public void Padding_that_becomes_a_member_changes_nothing_in_place()
    {
        DataType padded = Struct(("a", s_short), ("pad", s_short));
        DataType used = Struct(("a", s_short), ("mss", s_short));
        Assert.True(Plan(padded, used).IsInPlace);
        // The other way there may be something in it that padding must not have.
        Assert.False(Plan(used, padded).IsInPlace);
        AssertBecomes(used, padded, "01020304", "01020000");
    }

    [Theory]
    [InlineData(MapType.Hash, MapType.LruHash, MapFate.Carried, null)]
    [InlineData(MapType.Hash, MapType.Array, null, "its type is 1 where 2 is needed")]
    [InlineData(MapType.LpmTrie, MapType.LpmTrie, MapFate.Carried, null)]
    internal void Kind_of_a_map_may_change_between_hashes(MapType there, MapType wanted, MapFate? fate, string? problem)
    {
        var layout = new MapLayout(s_word, s_word);
        MapChange? change = ChangeRule.Decide(MapNames.Nat4, Shape(there, 4), Shape(wanted, 4, entries: 9), layout, layout, out string? found);
        Assert.Equal((fate, problem), (change?.Fate, found));
    }

    [Fact]
    public void Trie_whose_key_has_changed_is_refused()
    {
        var old = new MapLayout(Struct(("length", s_word), ("addr", s_word)), s_word);
        var wanted = new MapLayout(Struct(("length", s_word), ("zone", s_word), ("addr", s_word)), s_word);
        Assert.Null(ChangeRule.Decide(MapNames.Direct4, Shape(MapType.LpmTrie, 8), Shape(MapType.LpmTrie, 12), old, wanted, out string? problem));
        Assert.Contains("what length counts the bits of", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MapNames.FlowLog)]
    [InlineData(MapNames.LogDraft)]
    public void What_nothing_is_lost_with_begins_anew(string name)
    {
        var old = new MapLayout(null, Struct(("a", s_word)));
        var wanted = new MapLayout(null, Struct(("a", new ArrayType(s_byte, 4))));
        MapShape shape = Shape(MapType.RingBuffer, 0) with { ValueSize = 0 };
        Assert.Equal(MapFate.Anew, ChangeRule.Decide(name, shape, shape, old, wanted, out _)?.Fate);
        Assert.Equal(MapFate.Kept, ChangeRule.Decide(name, shape, shape, wanted, wanted, out _)?.Fate);
    }

    private static MapShape Shape(MapType type, uint key, uint entries = 8) => new(type, key, 4, entries, MapFlags.None);

    private static Conversion Plan(DataType old, DataType wanted) =>
        ConversionRule.Plan(old, wanted, "v", out string? problem) ?? throw new InvalidOperationException(problem);

    private static void AssertBecomes(DataType old, DataType wanted, string bytes, string expected)
    {
        var made = new byte[wanted.Size];
        Array.Fill(made, byte.MaxValue);
        Assert.Null(Plan(old, wanted).Apply(System.Convert.FromHexString(bytes), made));
        Assert.Equal(expected.ToUpperInvariant(), System.Convert.ToHexString(made));
    }

    private static StructType Struct(params (string Name, DataType Type)[] members) => Types.Struct(members);

    private static StructType Union(params (string Name, DataType Type)[] members) => new(
        "", members.Max(member => member.Type.Size), IsUnion: true, [.. members.Select(member => new DataMember(member.Name, 0, member.Type))]);
}
