using System.Net;

namespace Lb.Actors.Tests.Announce;

/// <summary>The bytes between announcers, which nodes of other versions read.</summary>
public sealed class AnnouncerHelloCodecTests
{
    private static readonly AnnouncerHello Example = new()
    {
        Life = 0x01020304,
        Round = 7,
        Part = 1,
        Parts = 2,
        IsAble = true,
        Claims = [new(IPAddress.Parse("203.0.113.10"), 5, true), new(IPAddress.Parse("2001:db8::1"), 6, false)],
        Seen = [new(0xAABBCCDD, TimeSpan.FromMilliseconds(120))],
        Others = [new VipClaim(IPAddress.Parse("203.0.113.11"), "a:1", 9)],
    };

    private const string Bytes =
        "0101" + "01020304" + "00000007" + "0102" + "01AABBCCDD0C"
        + "0002" + "02CB00710A0000000000000005" + "0120010DB80000000000000000000000010000000000000006"
        + "0001" + "00CB00710B0000000000000009" + "03613A31";

    [Fact]
    public void A_message_has_these_bytes_and_no_others()
    {
        Assert.Equal(Bytes, Convert.ToHexString(AnnouncerHelloCodec.Write(Example)));
        Assert.Equal(Bytes, Convert.ToHexString(AnnouncerHelloCodec.Write(AnnouncerHelloCodec.Read(Convert.FromHexString(Bytes))!)));
    }

    [Fact]
    public void What_is_cut_short_damaged_or_of_another_version_says_nothing()
    {
        byte[] whole = AnnouncerHelloCodec.Write(Example);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(AnnouncerHelloCodec.Read(whole.AsSpan(0, length)));
        }

        Assert.NotNull(AnnouncerHelloCodec.Read([.. whole, 1, 2, 3]));
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] hostile = [.. whole];
            hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            _ = AnnouncerHelloCodec.Read(hostile);
            random.NextBytes(hostile);
            _ = AnnouncerHelloCodec.Read(hostile);
        }

        whole[0] = 2;
        Assert.Null(AnnouncerHelloCodec.Read(whole));
    }

    [Fact]
    public void The_fullest_message_fits()
    {
        AnnouncerHello full = Example with
        {
            Claims =
            [
                .. Enumerable.Range(0, AnnouncerHelloCodec.RoomForClaims)
                    .Select(i => new HelloClaim(IPAddress.Parse($"2001:db8::{i:x}"), i, false)),
            ],
            Seen = [.. Enumerable.Range(0, AnnouncerHelloCodec.RoomForSights).Select(i => new HelloSight((uint)i, TimeSpan.Zero))],
            Others = [],
        };

        Assert.InRange(AnnouncerHelloCodec.Write(full).Length, 800, AnnouncerHelloCodec.Longest);
    }
}
