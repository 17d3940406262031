/work/main/bench/Lb.Bench/bpf/lb_bench.bpf.o: ../bench/bpf/lb_bench.bpf.c \
  ../bench/bpf/../../bpf/lib/base.h \
  ../bench/bpf/../../bpf/lib/../include/lb_types.h

../bench/bpf/../../bpf/lib/base.h:

../bench/bpf/../../bpf/lib/../include/lb_types.h:
