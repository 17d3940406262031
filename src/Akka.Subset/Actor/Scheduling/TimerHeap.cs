namespace Akka.Actor;

/// <summary>Something that is due at a time; it knows its place in the heap, so that it can be taken out.</summary>
internal abstract class ScheduledItem
{
    internal long DueTicks;
    internal long Order;
    internal int Index = -1;

    /// <summary>Ticks to the next time, or 0 when there is none.</summary>
    internal long IntervalTicks;

    internal ICancelable? Cancelable;

    internal bool IsBefore(ScheduledItem other) =>
        DueTicks < other.DueTicks || (DueTicks == other.DueTicks && Order < other.Order);

    internal abstract void Fire();
}

/// <summary>A binary heap of what is due, earliest first.</summary>
internal sealed class TimerHeap
{
    private ScheduledItem[] _items = new ScheduledItem[16];

    internal int Count { get; private set; }

    internal ScheduledItem? Earliest => Count == 0 ? null : _items[0];

    internal void Add(ScheduledItem item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        Place(item, Count++);
        Up(item.Index);
    }

    internal void Remove(ScheduledItem item)
    {
        var index = item.Index;
        if (index < 0)
        {
            return;
        }

        item.Index = -1;
        var last = _items[--Count];
        _items[Count] = null!;
        if (index < Count)
        {
            Place(last, index);
            Up(index);
            Down(last.Index);
        }
    }

    private void Place(ScheduledItem item, int index)
    {
        _items[index] = item;
        item.Index = index;
    }

    private void Up(int index)
    {
        var item = _items[index];
        while (index > 0 && item.IsBefore(_items[(index - 1) / 2]))
        {
            Place(_items[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(item, index);
    }

    private void Down(int index)
    {
        var item = _items[index];
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _items[child + 1].IsBefore(_items[child]))
            {
                child++;
            }

            if (!_items[child].IsBefore(item))
            {
                break;
            }

            Place(_items[child], index);
            index = child;
        }

        Place(item, index);
    }
}
