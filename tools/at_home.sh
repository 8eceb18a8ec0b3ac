# For `make lab`, which sources it. JupyterLab, IPython and Matplotlib keep things at home. Where one of these folders
# can't be written to, JupyterLab doesn't start, or there are red lines below the cells. Then .venv is their home.

{ test -d "$HOME" && test -w "$HOME"; } || closed=${HOME:-"Your home folder"}
for folder in "$HOME/.jupyter" "$HOME/.ipython" "$HOME/.local" "$HOME/.local/share" "$HOME/.local/share/jupyter" \
    "$HOME/.local/share/jupyter/runtime" "$HOME/Library/Jupyter" "$HOME/Library/Jupyter/runtime" "$HOME/.matplotlib" \
    "${XDG_CONFIG_HOME:-$HOME/.config}" "${XDG_CACHE_HOME:-$HOME/.cache}" "$HOME/.config/matplotlib" \
    "$JUPYTER_CONFIG_DIR" "$JUPYTER_DATA_DIR" "$JUPYTER_RUNTIME_DIR" "$IPYTHONDIR" "$MPLCONFIGDIR"; do
  test ! -e "$folder" || { test -d "$folder" && test -w "$folder"; } || closed=$folder
done

if test -n "$closed"; then
  echo "$closed can't be written to. What JupyterLab wants to keep at home goes into .venv/home."
  export JUPYTER_CONFIG_DIR="$PWD/.venv/home/config" JUPYTER_DATA_DIR="$PWD/.venv/home/data"
  export JUPYTER_RUNTIME_DIR="$PWD/.venv/home/runtime" IPYTHONDIR="$PWD/.venv/home/ipython"
  export MPLCONFIGDIR="$PWD/.venv/home/matplotlib"
fi
