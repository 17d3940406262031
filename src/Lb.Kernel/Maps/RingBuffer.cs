using System.Runtime.CompilerServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>The reading end of a BPF ring buffer whose records are all of one type.</summary>
/// <remarks>
/// The kernel's pages: one with the position of the reader, which alone is written here, one with the writers', then the
/// data, mapped twice in a row so that no record is cut. A record has 8 bytes in front: its length with two flags, and
/// where it is. Positions only grow.
/// </remarks>
internal sealed unsafe class RingBuffer<TRecord> : IDisposable
    where TRecord : unmanaged
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const int HeaderSize = 8;

    private readonly Descriptor _descriptor;
    private readonly MappedMemory _reader;
    private readonly MappedMemory _writers;
    private readonly int _size;

    public RingBuffer(string name, Descriptor descriptor)
    {
        _descriptor = descriptor;
        try
        {
            _size = (int)BpfMap.Describe(descriptor, name).MaxEntries;
            int page = Environment.SystemPageSize;
            _reader = MappedMemory.Of(descriptor, 0, page, LibC.ProtectReadWrite, name);
            _writers = MappedMemory.Of(descriptor, page, page + (2 * _size), LibC.ProtectRead, name);
        }
        catch
        {
            _reader?.Dispose();
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Polled for records.</summary>
    public Descriptor Descriptor => _descriptor;

    /// <summary>Takes records out until there are no more, or as many as asked for.</summary>
    /// <param name="into">What is called for each.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many there were.</returns>
    public int Read(Action<TRecord> into, int most)
    {
        ref ulong position = ref _reader.Elements<ulong>(1)[0];
        ref ulong end = ref _writers.Elements<ulong>(1)[0];
        Span<byte> data = _writers.Elements<byte>(Environment.SystemPageSize + (2 * _size))[Environment.SystemPageSize..];
        int count = 0;
        ulong at = position;
        while (count < most && at < Volatile.Read(ref end))
        {
            Span<byte> record = data[(int)(at & (ulong)(_size - 1))..];
            uint header = Volatile.Read(ref Unsafe.As<byte, uint>(ref record[0]));
            if ((header & Busy) != 0)
            {
                break; // reserved and not written yet
            }

            int length = (int)(header & ~(Busy | Discarded));
            if ((header & Discarded) == 0 && length >= sizeof(TRecord))
            {
                into(Unsafe.ReadUnaligned<TRecord>(ref record[HeaderSize]));
                count++;
            }

            at += (ulong)((length + HeaderSize + 7) & ~7);
            Volatile.Write(ref position, at);
        }

        return count;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writers.Dispose();
        _descriptor.Dispose();
    }
}
