using Lb.Kernel.Handles;

namespace Lb.Kernel.Maps;

/// <summary>An array of maps; user space reads the ids of the inner maps.</summary>
/// <remarks>
/// The kernel makes whoever changes an element wait for a grace period afterwards (8 to 16 ms). Packets see the change
/// before that, so the call is made on a thread that can wait, and the caller goes on as soon as the change is there.
/// </remarks>
internal sealed unsafe class ArrayOfMaps(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(uint), sizeof(uint))
{
    private readonly List<Task> _waiting = [];

    /// <summary>Id of the inner map; null when there is none.</summary>
    public uint? this[uint index]
    {
        get
        {
            uint id = 0;
            return Lookup(&index, &id) ? id : null;
        }
    }

    /// <summary>Sets an inner map: packets see the one that was there or this one.</summary>
    public void Set(uint index, Descriptor inner)
    {
        uint id = Describe(inner, Name).Id;
        ChangeUntil(() => SetAndWait(index, inner), () => this[index] == id);
    }

    /// <summary>
    /// Removes an inner map, if there is one, and returns when no packet can be reading it or be about to look for it.
    /// </summary>
    public void DeleteAndWait(uint index) => Remove(&index);

    /// <summary>Removes an inner map, if there is one.</summary>
    public void Delete(uint index)
    {
        if (this[index] is not null)
        {
            ChangeUntil(() => DeleteAndWait(index), () => this[index] is null);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Task.WaitAll(_waiting);
        }

        base.Dispose(disposing);
    }

    private void SetAndWait(uint index, Descriptor inner)
    {
        int value = inner.Value;
        Update(&index, &value);
    }

    private void ChangeUntil(Action call, Func<bool> changed)
    {
        var running = Task.Factory.StartNew(
            call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!running.IsCompleted && !changed())
        {
            Thread.Yield();
        }

        if (running.IsFaulted)
        {
            running.GetAwaiter().GetResult(); // throws what the call threw
        }

        _waiting.RemoveAll(task => task.IsCompleted);
        _waiting.Add(running);
    }
}
