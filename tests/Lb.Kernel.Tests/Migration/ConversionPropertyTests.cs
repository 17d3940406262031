using FsCheck;
using FsCheck.Fluent;
using Lb.Kernel.Migration;

namespace Lb.Kernel.Tests.Migration;

/// <summary>A release and the one before it, and back.</summary>
public sealed class ConversionPropertyTests
{
    private const int MostMembers = 8;
    private const int Names = 12;
    private static readonly int[] s_sizes = [1, 2, 4, 8];

    private static readonly Gen<DataType> s_number =
        from size in Gen.Elements(s_sizes)
        from isBig in Gen.Elements(true, false)
        select (DataType)new NumberType(size, IsSigned: false, isBig);

    [Fact]
    public void There_and_back_leaves_what_both_have_and_nothing_else() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Cases().ToArbitrary(), example =>
        {
            (StructType old, StructType other, byte[] value) = example;
            if (Plan(old, other) is not { } there || Plan(other, old) is not { } back)
            {
                return true;
            }

            var made = new byte[other.Size];
            if (there.Apply(value, made) is not null)
            {
                return true; // a number, or the end of an array, does not fit
            }

            var again = new byte[old.Size];
            Assert.Null(back.Apply(made, again));
            AssertCommon(old, other, value, again);
            return true;
        }));

    [Fact]
    public void Struct_becomes_itself_in_place() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Cases().ToArbitrary(), example =>
        {
            Conversion same = Plan(example.Old, example.Old)!;
            var made = new byte[example.Old.Size];
            Assert.Null(same.Apply(example.Value, made));
            return same.IsInPlace && made.SequenceEqual(example.Value);
        }));

    /// <summary>What both types have is as it was, and what only one has is zero.</summary>
    private static void AssertCommon(DataType old, DataType other, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        switch (old, other)
        {
            case (StructType mine, StructType theirs):
                foreach (DataMember member in mine.Members)
                {
                    ReadOnlySpan<byte> left = after.Slice(member.Offset, member.Type.Size);
                    if (theirs.Members.FirstOrDefault(their => their.Name == member.Name) is { } common)
                    {
                        AssertCommon(member.Type, common.Type, before.Slice(member.Offset, member.Type.Size), left);
                    }
                    else
                    {
                        Assert.False(left.ContainsAnyExcept((byte)0), $"{member.Name}, which only one has, is not zero");
                    }
                }

                break;
            case (ArrayType mine, ArrayType theirs):
                int size = mine.Element.Size;
                for (int i = 0; i < mine.Count; i++)
                {
                    AssertCommon(mine.Element, theirs.Element, before.Slice(i * size, size), after.Slice(i * size, size));
                }

                break;
            default:
                Assert.Equal(before, after);
                break;
        }
    }

    private static Conversion? Plan(StructType old, StructType other) => ConversionRule.Plan(old, other, "v", out _);

    private static Gen<(StructType Old, StructType Other, byte[] Value)> Cases() =>
        from old in Structs(2)
        from other in Structs(2)
        from isSmall in Gen.Elements(true, false)
        from bytes in Gen.Choose(0, isSmall ? 1 : byte.MaxValue).ArrayOf(old.Size)
        select (old, other, bytes.Select(one => (byte)one).ToArray());

    private static Gen<StructType> Structs(int depth) =>
        from count in Gen.Choose(1, MostMembers)
        from names in Gen.Shuffle(Enumerable.Range(0, Names).ToArray())
        from types in Any(depth).ArrayOf(count)
        select Types.Struct([.. types.Zip(names, (type, name) => ($"m{name}", type))]);

    private static Gen<DataType> Any(int depth) => depth == 0
        ? s_number
        : Gen.Frequency(
            (6, s_number),
            (1, from element in Any(depth - 1) from count in Gen.Choose(1, 4) select (DataType)new ArrayType(element, count)),
            (1, from inner in Structs(depth - 1) select (DataType)inner));
}
