using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lb.Kernel;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The flow log as user space reads it, and what the program remembers of the flows that it logged.</summary>
internal sealed class FlowLog : IDisposable
{
    /// <summary>Bytes of the ring buffer.</summary>
    public const int Size = 1 << 20;

    /// <summary>Bytes of an event in it, with its header.</summary>
    public const int EventSize = 72;

    private readonly LoadedDatapath _datapath;
    private readonly IFlowLog _reader;
    private readonly ArrayMap<Set> _seen;

    public FlowLog(LoadedDatapath datapath, BpfObject opened)
    {
        _datapath = datapath;
        _reader = datapath.OpenFlowLog();
        _seen = new ArrayMap<Set>(MapNames.LogSeen, opened.TakeMap(MapNames.LogSeen));
    }

    public FlowLogCounts Counts => _datapath.ReadLogCounts();

    /// <summary>Takes out the events that are there.</summary>
    public List<FlowEvent> Read()
    {
        List<FlowEvent> events = [];
        _reader.Read(events.Add, int.MaxValue);
        return events;
    }

    /// <summary>As if nothing had ever been logged.</summary>
    public void Forget()
    {
        Read();
        Change(_ => default);
    }

    /// <summary>As if so many ticks had gone by without a packet.</summary>
    public void Age(uint ticks) => Change(cell => cell with { Seen = cell.Seen - (ticks << 2) });

    public void Dispose()
    {
        _reader.Dispose();
        _seen.Dispose();
    }

    private void Change(Func<Cell, Cell> change)
    {
        Set[] sets = _seen.ReadAll();
        for (int i = 0; i < sets.Length; i++)
        {
            bool changed = false;
            foreach (ref Cell cell in MemoryMarshal.CreateSpan(ref Unsafe.As<Set, Cell>(ref sets[i]), Set.Ways))
            {
                if (cell.Flow != 0)
                {
                    cell = change(cell);
                    changed = true;
                }
            }

            if (changed)
            {
                _seen[(uint)i] = sets[i];
            }
        }
    }

    /// <summary><c>struct lb_log_cell</c>, which is the program's own.</summary>
    private record struct Cell(ulong Flow, uint Backend, uint Seen);

    /// <summary><c>struct lb_log_set</c>.</summary>
    [InlineArray(Ways)]
    private struct Set
    {
        public const int Ways = 4;

        private Cell _first;
    }
}
