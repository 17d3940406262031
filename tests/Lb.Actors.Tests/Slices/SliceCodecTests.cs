using System.Collections.Immutable;

namespace Lb.Actors.Tests.Slices;

public class SliceCodecTests
{
    private static readonly SliceKey Key = new(0xFEDC_BA98_7654_3210, 0x0123_4567_89AB_CDEF);

    public static TheoryData<string> Messages => ["hello", "end", "claim", "grant", "ask", "told"];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_is_read_as_it_was_written(string kind)
    {
        SliceMessage message = Of(kind);

        SliceMessage? read = SliceCodec.Read(SliceCodec.Write(message));

        Assert.Equivalent(message, read, strict: true);
        Assert.IsType(message.GetType(), read);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_fits_any_transport(string kind) => Assert.InRange(SliceCodec.Write(Of(kind)).Length, 38, 900);

    [Fact]
    public void Bytes_of_a_claim_are_those_of_this_version() => Assert.Equal(
        "0102000000000000000B000000000000000C000000000000000D000000000000000E01210001"
        + "FEDCBA98765432100123456789ABCDEF03" + "0000000000000009" + "00000007" + "00000008",
        Convert.ToHexString(SliceCodec.Write(new SliceMessage.Claim(
            11, 12, 13, 14, Votes: true, [new SliceClaim(Key, Relays: true, 9, 7, 8, Hungry: true)]))));

    [Fact]
    public void End_of_a_node_is_in_places_that_a_release_before_it_does_not_read()
    {
        Assert.Equal(
            "0101000000000000000B000000000000000C0000000000000001000000000000000001000000",
            Convert.ToHexString(SliceCodec.Write(new SliceMessage.Hello(11, 12, SliceMessage.Hello.KnowsEnds, Resigns: true))));
        byte[] claim = SliceCodec.Write(new SliceMessage.Claim(
            11, 12, 13, 14, Votes: true, [new SliceClaim(Key, Relays: true, 9, 0, 8, Hungry: false, Ends: true)]));
        Assert.Equal((38 + 33, 0b101), (claim.Length, claim[38 + 16]));
    }

    [Fact]
    public void What_is_cut_short_or_of_another_version_is_not_read()
    {
        byte[] bytes = SliceCodec.Write(Of("claim"));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Null(SliceCodec.Read(bytes.AsSpan(0, length)));
        }

        bytes[0] = 2;
        Assert.Null(SliceCodec.Read(bytes));
    }

    [Fact]
    public void Noise_is_refused_or_read_and_never_fails()
    {
        Random random = new(3);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = SliceCodec.Write(Of("claim"));
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (SliceCodec.Read(bytes) is SliceMessage.Claim claim)
            {
                Assert.All(claim.Entries, entry => Assert.InRange(entry.Holds, 0, int.MaxValue));
            }
        }
    }

    private static SliceMessage Of(string kind) => kind switch
    {
        "hello" => new SliceMessage.Hello(1, -5),
        "end" => new SliceMessage.Hello(1, -5, SliceMessage.Hello.KnowsEnds, Resigns: true),
        "claim" => new SliceMessage.Claim(1, 2, 3, 4, Votes: true, Many(i => new SliceClaim(Key, i % 2 == 0, i, i, i, i % 3 == 0, i % 5 == 0))),
        "grant" => new SliceMessage.Grant(1, 2, 3, Many(i => new SliceGrant(Key, i, i))),
        "ask" => new SliceMessage.Ask(1, 9),
        _ => new SliceMessage.Told(1, 9, IsLast: true, Many(i => new SliceHeld(Key, -1, i, i))),
    };

    private static ImmutableArray<T> Many<T>(Func<int, T> entry) =>
        [.. Enumerable.Range(0, SliceCodec.MostEntries).Select(entry)];
}
