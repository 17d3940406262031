using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>A pipe of the kernel that bytes of one direction of a connection pass.</summary>
internal sealed class RelayPipe(int output, int input)
{
    /// <summary>The end that is read.</summary>
    public int Output { get; } = output;

    /// <summary>The end that is written.</summary>
    public int Input { get; } = input;

    /// <summary>Bytes in it.</summary>
    public int Held { get; set; }
}

/// <summary>
/// The pipes of one loop. A connection has one only while it moves bytes or holds some back, so idle connections have
/// none, and few are enough for many.
/// </summary>
internal sealed unsafe class RelayPipes : IDisposable
{
    /// <summary>Bytes that one takes at most: what a direction of a connection can hold back.</summary>
    public const int Room = 256 * 1024;

    /// <summary>Connections that hold bytes back in pipes at once; others hold them back in buffers.</summary>
    private const int Most = 256;

    private readonly Stack<RelayPipe> _spare = [];
    private int _count;
    private int _leastSpare;

    /// <summary>How many there are, in use and spare.</summary>
    public int Count => _count;

    /// <summary>An empty one; null when there can be no more.</summary>
    public RelayPipe? Take()
    {
        if (!_spare.TryPop(out RelayPipe? pipe))
        {
            return _count < Most ? Make() : null;
        }

        _leastSpare = Math.Min(_leastSpare, _spare.Count);
        return pipe;
    }

    /// <summary>Gives one back; what is left in it is thrown away.</summary>
    public void Return(RelayPipe pipe)
    {
        if (pipe.Held == 0)
        {
            _spare.Push(pipe);
        }
        else
        {
            Close(pipe);
        }
    }

    /// <summary>Closes those that were not needed since the last time.</summary>
    public void Trim()
    {
        for (; _leastSpare > 0; _leastSpare--)
        {
            Close(_spare.Pop());
        }

        _leastSpare = _spare.Count;
    }

    public void Dispose()
    {
        while (_spare.TryPop(out RelayPipe? pipe))
        {
            Close(pipe);
        }
    }

    private RelayPipe? Make()
    {
        int* ends = stackalloc int[2];
        if (LibC.Pipe(ends, LibC.PipeFlags) < 0)
        {
            return null;
        }

        // A pipe is as many pieces of memory as it has pages; of what a network card delivers, each piece is small.
        // Where the user may not have more it stays as it is: less goes through at once.
        _ = LibC.Fcntl(ends[1], LibC.SetPipeSize, Room);
        _count++;
        _leastSpare = 0;
        return new RelayPipe(ends[0], ends[1]);
    }

    private void Close(RelayPipe pipe)
    {
        _ = LibC.Close(pipe.Output);
        _ = LibC.Close(pipe.Input);
        _count--;
    }
}
