namespace Lb.Datapath.Tests.Packets;

/// <summary>Some other protocol: the payload is all there is.</summary>
internal sealed record RawTransport(byte Number) : TransportHeader
{
    public override byte Protocol => Number;

    protected override int ChecksumOffset => -1;

    protected override byte[] Header(int payloadLength) => [];
}
