using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Tests.Membership;

/// <summary>The bytes between nodes, which nodes of other versions read.</summary>
public sealed class ClusterMessageCodecTests
{
    private static readonly NodeId From = new("10.0.0.1:7946", 28_000_001);

    public static TheoryData<ClusterMessage, string> Frozen => new()
    {
        {
            new ClusterMessage.Heartbeat(From, 0x1122334455, 0xAABBCCDDEEFF0011),
            "4C4301010000000001AB3F010D31302E302E302E313A373934360000001122334455AABBCCDDEEFF0011"
        },
        {
            new ClusterMessage.Answer(From, 7, 8),
            "4C4301020000000001AB3F010D31302E302E302E313A3739343600000000000000070000000000000008"
        },
        {
            new ClusterMessage.Observations(From, [new Observation(5, 6, [9, 10])]),
            "4C4301030000000001AB3F010D31302E302E302E313A37393436000100000000000000050000000000000006"
            + "000200000000000000090000" + "00000000000A"
        },
        {
            new ClusterMessage.Subsystem(From, ClusterSubsystem.Health, new byte[] { 0xC0, 0xFF, 0xEE }),
            "4C4301040000000001AB3F010D31302E302E302E313A37393436" + "020003C0FFEE"
        },
    };

    [Theory]
    [MemberData(nameof(Frozen))]
    public void Messages_have_these_bytes_and_no_others(ClusterMessage message, string bytes)
    {
        Assert.Equal(bytes, Convert.ToHexString(Write(message)));
        Assert.Equivalent(message, ClusterMessageCodec.Read(Convert.FromHexString(bytes)), strict: true);
    }

    [Theory]
    [MemberData(nameof(Frozen))]
    public void What_is_cut_short_damaged_or_of_another_version_says_nothing(ClusterMessage message, string bytes)
    {
        var whole = Write(message);
        Assert.Equal(bytes.Length / 2, whole.Length);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(ClusterMessageCodec.Read(whole.AsSpan(0, length)));
        }

        whole[2] = 2;
        Assert.Null(ClusterMessageCodec.Read(whole));
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var hostile = Write(message);
            hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            _ = ClusterMessageCodec.Read(hostile);
            random.NextBytes(hostile);
            _ = ClusterMessageCodec.Read(hostile);
        }
    }

    [Fact]
    public void A_later_version_may_say_more()
    {
        byte[] more = [.. Write(new ClusterMessage.Answer(From, 7, 8)), 1, 2, 3];

        Assert.Equal(new ClusterMessage.Answer(From, 7, 8), ClusterMessageCodec.Read(more));
    }

    private static byte[] Write(ClusterMessage message)
    {
        var buffer = new byte[ClusterMessageCodec.LongestMessage];
        return buffer[..ClusterMessageCodec.Write(message, buffer)];
    }
}
